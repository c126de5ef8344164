//! PHP: CRest for calls, plain PHP for handlers.

use super::literal::{Syntax, php};
use super::{Ask, File, Handler, KEEP_TOKEN, KEEP_URL, plain, readme};

const SYNTAX: Syntax = Syntax { map: ("[", "]"), to: " => ", key: php, text: php };

pub fn call(ask: &Ask) -> Vec<File> {
    let params = SYNTAX.write(&plain(&ask.params().into()), 0);
    let (webhook, method) = (php(&ask.webhook), &ask.method);
    let settings = format!(
        "<?php\n\n\
         // Whoever has this URL acts in its owner's name: keep it secret.\n\
         define('C_REST_WEB_HOOK_URL', {webhook});\n\n\
         // Otherwise CRest writes each request, with the secret, into a folder that a browser may reach.\n\
         define('C_REST_BLOCK_LOG', true);\n"
    );
    let index = format!(
        "<?php\n\n\
         require_once __DIR__ . '/crest.php';\n\n\
         $answer = CRest::call({}, {params});\n\n\
         header('Content-Type: application/json; charset=utf-8');\n\
         echo json_encode($answer, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), PHP_EOL;\n\n\
         if (!empty($answer['error'])) {{\n    exit(1);\n}}\n",
        php(method)
    );
    let source = "https://raw.githubusercontent.com/bitrix-tools/crest/master/src";
    let steps = format!("curl -fLO {source}/crest.php\nphp index.php");
    let check = format!(
        "CRest needs PHP with its module curl. When something does not work, fetch `{source}/checkserver.php` as well \
         and run `php checkserver.php`: it tells what is missing."
    );
    let about = readme(&format!("{method} with CRest"), KEEP_URL, &steps, &[&check]);
    vec![File { name: "index.php", text: index }, File { name: "settings.php", text: settings }, about]
}

pub fn handler(handler: &Handler) -> Vec<File> {
    let token = php(&handler.token);
    let cases = handler.cases(|event| {
        format!("    case '{event}':\n        error_log('{event} ' . json_encode($data));\n        break;\n")
    });
    let text = format!(
        "<?php\n\
         declare(strict_types=1);\n\n\
         // By this token you know that an event comes from your portal: keep it secret.\n\
         const APPLICATION_TOKEN = {token};\n\n\
         $given = $_POST['auth']['application_token'] ?? '';\n\
         if (!is_string($given) || !hash_equals(APPLICATION_TOKEN, $given)) {{\n    \
             http_response_code(403);\n    \
             exit;\n\
         }}\n\n\
         // What it happened to: $data['FIELDS']['ID'], for most events.\n\
         $data = $_POST['data'] ?? [];\n\n\
         switch ($_POST['event'] ?? '') {{\n\
         {cases}    default:\n        error_log('an event that nobody waits for');\n\
         }}\n\n\
         // Answer within seconds; do what takes longer afterwards. Any status but 2xx means: send it again later.\n\
         http_response_code(200);\n"
    );
    let notes =
        ["Put `handler.php` where your portal can reach it, and its address into the outbound webhook."];
    let about = readme("A handler in PHP", KEEP_TOKEN, "php -S 127.0.0.1:3000 handler.php", &notes);
    vec![File { name: "handler.php", text }, about]
}
