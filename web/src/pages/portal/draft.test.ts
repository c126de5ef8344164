import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Setting } from '@/api/portal'
import { asText, changesOf, groupsOf } from './draft'

const setting = (name: string, kind: Setting['kind'], value: Setting['value'], source: Setting['source'] = 'default'): Setting =>
  ({ name, kind, value, source, default: value, about: '' })

test('only what was changed is sent, in the form that the server takes', () => {
  const all = [setting('retention_days', 'number', 14), setting('allow_handlers', 'networks', ['10.0.0.0/8']), setting('base_url', 'url', 'https://p', 'flag'), setting('limits', 'choice', 'off')]
  const typed = { retention_days: '30', allow_handlers: '10.0.0.0/8\n192.168.0.0/16', base_url: 'https://other', limits: 'off' }
  assert.deepEqual(changesOf(all, typed), { retention_days: 30, allow_handlers: ['10.0.0.0/8', '192.168.0.0/16'] })
})

test('an emptied field goes back to the default', () => {
  assert.deepEqual(changesOf([setting('retention_days', 'number', 30, 'console')], { retention_days: ' ' }), { retention_days: null })
  assert.equal(asText(null), '')
})

test('a secret is sent only when somebody typed another one', () => {
  const secret = setting('smtp_password', 'secret', null, 'console')
  assert.deepEqual(changesOf([secret], { smtp_password: '' }), {})
  assert.deepEqual(changesOf([secret], { smtp_password: 'pa55word' }), { smtp_password: 'pa55word' })
})

test('alerts and e-mail stand apart, and addresses are a list', () => {
  const all = [setting('limits', 'choice', 'off'), setting('alert_mail', 'addresses', []), setting('smtp_host', 'text', '')]
  assert.deepEqual(groupsOf(all).map(group => [group.code, group.settings.length]), [['portal', 1], ['alert', 1], ['smtp', 1]])
  assert.deepEqual(changesOf(all, { alert_mail: 'a@example.com, b@example.com' }), { alert_mail: ['a@example.com', 'b@example.com'] })
})
