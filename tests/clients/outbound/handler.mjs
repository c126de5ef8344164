// A handler of an outbound webhook that verifies signatures with `standardwebhooks` from npm, unmodified.
//
// Listens on PORT and knows SECRET. Answers 200 with the event and the item's number, or 403 with the reason.
import {createServer} from 'node:http';
import {createRequire} from 'node:module';

const {Webhook, WebhookVerificationError} = createRequire(`${process.env.CLIENTS}/`)('standardwebhooks');
const webhook = new Webhook(process.env.SECRET);

function verify(body, headers) {
  try {
    webhook.verify(body, headers, {jsonParse: false});
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
    throw error;
  }
}

function judge(body, headers) {
  const refused = verify(body, headers);
  if (refused) return [403, `refused: ${refused}`];
  if (!verify(`${body}&x=1`, headers) || !verify(body, {...headers, 'webhook-id': 'msg_other'})) {
    return [500, 'a forgery was taken for the real thing'];
  }
  const fields = new URLSearchParams(body);
  return [200, `verified ${fields.get('event')} ${fields.get('data[FIELDS][ID]')}`];
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const [status, text] = judge(Buffer.concat(parts).toString(), request.headers);
    response.writeHead(status).end(text);
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.error('started'));
