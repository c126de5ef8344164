/** Whether a method takes something away: the console asks before it executes one. */
export const deletes = (method: string) => /(^|\.)(delete|remove|clear|unregister|destroy)\w*$/i.test(method.trim())
