// Files on their way to the server, two at a time, each with how far it came. They go on while other pages are looked at.
import { computed, reactive } from 'vue'
import { asApiError, changed, ApiError } from '@/api'
import { uploadUrl, versionUrl } from './calls'
import { ownPath } from './files'

const AT_ONCE = 2

export interface Upload {
  id: number
  name: string
  size: number
  sent: number
  state: 'waiting' | 'sending' | 'done' | 'failed'
  error?: ApiError
  cancel: () => void
}

interface Job extends Upload { file: File, where: () => Promise<string>, then?: (id: string) => Promise<unknown> }

const jobs = reactive<Job[]>([])
let last = 0

export const uploads = computed<Upload[]>(() => jobs)

/** Sends files to a folder, and then does something with each that has come, by its number. */
export function uploadTo(folder: string, files: Iterable<File>, then?: Job['then']) {
  for (const file of files) add(file, () => uploadUrl(folder, file.name), then)
}

/** Sends a new content of a file. */
export const uploadVersion = (id: string, file: File) => add(file, () => versionUrl(id))

export const forgetEnded = () => jobs.splice(0, jobs.length, ...jobs.filter(one => one.state === 'waiting' || one.state === 'sending'))

function add(file: File, where: () => Promise<string>, then?: Job['then']) {
  const job: Job = { id: ++last, name: file.name, size: file.size, sent: 0, state: 'waiting', file, where, then, cancel: () => remove(job.id) }
  jobs.push(job)
  next()
}

function remove(id: number) {
  const at = jobs.findIndex(one => one.id === id)
  if (at >= 0) jobs.splice(at, 1)
}

function next() {
  if (jobs.filter(one => one.state === 'sending').length >= AT_ONCE) return
  const job = jobs.find(one => one.state === 'waiting')
  if (!job) return
  job.state = 'sending'
  void run(job)
  next()
}

async function run(job: Job) {
  try {
    const id = await send(job, ownPath(await job.where()))
    await job.then?.(id)
    job.state = 'done'
    changed('disk')
  } catch (thrown) {
    job.state = 'failed'
    job.error = asApiError(thrown)
  }
  next()
}

/** Gives the number of the file. `fetch` does not say how much was sent. */
function send(job: Job, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = event => (job.sent = Math.min(job.size, event.loaded))
    request.onload = () => {
      const said = parsed(request.responseText)
      if (request.status === 200) return resolve(String(said.result?.ID ?? ''))
      reject(new ApiError(request.status, said.error ?? `HTTP ${request.status}`, said.error_description ?? ''))
    }
    request.onerror = () => reject(new ApiError(0, 'ERROR_NO_CONNECTION', ''))
    request.onabort = () => reject(new ApiError(0, 'ERROR_CANCELED', ''))
    job.cancel = () => {
      request.abort()
      remove(job.id)
    }
    const form = new FormData()
    form.append('file', job.file, job.name)
    request.open('POST', path)
    request.send(form)
  })
}

interface Said { error?: string, error_description?: string, result?: { ID?: string | number } }

function parsed(text: string): Said {
  try {
    return JSON.parse(text) as Said
  } catch {
    return {}
  }
}
