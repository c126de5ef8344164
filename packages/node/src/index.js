/** A Bitrix24 portal of one's own in every test. */
export { CallError, OperatorError, StartError } from './errors.js';
export { Events } from './events.js';
export { Portal, start } from './portal.js';
