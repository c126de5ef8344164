//! JavaScript: b24jssdk for calls, plain Node for handlers.

use super::literal::{Syntax, double};
use super::{Ask, File, Handler, KEEP_TOKEN, KEEP_URL, plain, readme};

const SYNTAX: Syntax = Syntax { map: ("{", "}"), to: ": ", key, text: double };

/// The version with which the example was tried.
const SDK: &str = "^2.2.0";

fn key(text: &str) -> String {
    let starts = |byte: u8| byte.is_ascii_alphabetic() || b"_$".contains(&byte);
    let goes_on = |byte: u8| starts(byte) || byte.is_ascii_digit();
    match text {
        // As it stands it would be the object's prototype.
        "__proto__" => "[\"__proto__\"]".to_owned(),
        _ if text.bytes().next().is_some_and(starts) && text.bytes().all(goes_on) => text.to_owned(),
        _ => double(text),
    }
}

pub fn call(ask: &Ask) -> Vec<File> {
    let params = SYNTAX.write(&plain(&ask.params().into()), 0);
    let (webhook, method) = (double(&ask.webhook), &ask.method);
    let text = format!(
        "import {{ B24Hook }} from '@bitrix24/b24jssdk'\n\n\
         // Whoever has this URL acts in its owner's name: keep it secret, and out of pages.\n\
         const portal = B24Hook.fromWebhookUrl({webhook})\n\n\
         const params = {params}\n\n\
         const answer = await portal.actions.v2.call.make({{ method: {}, params }})\n\
         if (!answer.isSuccess) {{\n    \
             console.error(answer.getErrorMessages().join('\\n'))\n    \
             process.exit(1)\n\
         }}\n\
         console.log(JSON.stringify(answer.getData().result, null, 2))\n",
        double(method)
    );
    let package = format!(
        "{{\n  \"name\": \"portreeve-example\",\n  \"private\": true,\n  \"type\": \"module\",\n  \
         \"scripts\": {{ \"start\": \"node index.mjs\" }},\n  \
         \"dependencies\": {{ \"@bitrix24/b24jssdk\": \"{SDK}\" }}\n}}\n"
    );
    let notes = [
        "Node 18 or newer is needed. b24jssdk speaks https only; when the portal's certificate comes from an authority of \
         its own, name that: `NODE_EXTRA_CA_CERTS=ca.pem npm start`.",
    ];
    let about = readme(&format!("{method} with b24jssdk"), KEEP_URL, "npm install\nnpm start", &notes);
    vec![File { name: "index.mjs", text }, File { name: "package.json", text: package }, about]
}

pub fn handler(handler: &Handler) -> Vec<File> {
    let token = double(&handler.token);
    let cases = handler
        .cases(|event| format!("    case '{event}':\n      console.log('{event}', id)\n      break\n"));
    let text = format!(
        "import {{ createHash, timingSafeEqual }} from 'node:crypto'\n\
         import {{ createServer }} from 'node:http'\n\n\
         // By this token you know that an event comes from your portal: keep it secret.\n\
         const APPLICATION_TOKEN = {token}\n\
         const MAX_BYTES = 1024 * 1024\n\n\
         const digest = (text) => createHash('sha256').update(text).digest()\n\n\
         function handle(form) {{\n  \
           const given = form.get('auth[application_token]') ?? ''\n  \
           if (!timingSafeEqual(digest(given), digest(APPLICATION_TOKEN))) return 403\n\n  \
           // What it happened to, for most events.\n  \
           const id = form.get('data[FIELDS][ID]')\n  \
           switch (form.get('event')) {{\n\
         {cases}    default:\n      console.log('an event that nobody waits for')\n  \
           }}\n  \
           // Answer within seconds; do what takes longer afterwards. Any status but 2xx means: send it again later.\n  \
           return 200\n\
         }}\n\n\
         const server = createServer(async (request, response) => {{\n  \
           const parts = []\n  \
           let size = 0\n  \
           for await (const part of request) {{\n    \
             size += part.length\n    \
             if (size > MAX_BYTES) return response.writeHead(413).end()\n    \
             parts.push(part)\n  \
           }}\n  \
           response.writeHead(handle(new URLSearchParams(Buffer.concat(parts).toString()))).end()\n\
         }})\n\n\
         server.listen(Number(process.env.PORT ?? 3000), () => console.log('Listening on', server.address().port))\n"
    );
    let notes = [
        "Node 18 or newer is needed, and nothing else. Let your portal reach it, and put its address into the outbound webhook.",
    ];
    let about = readme("A handler in JavaScript", KEEP_TOKEN, "PORT=3000 node handler.mjs", &notes);
    vec![File { name: "handler.mjs", text }, about]
}
