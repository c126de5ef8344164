<?php
/**
 * A handler as Bitrix24's documentation has people write them: it reads $_REQUEST and compares the token.
 * `php -S` serves it; TOKEN is what the console showed when the webhook was made.
 */
$token = $_REQUEST['auth']['application_token'] ?? '';
if (!hash_equals(getenv('TOKEN'), $token)) {
    http_response_code(403);
    exit('a stranger');
}

switch ($_REQUEST['event']) {
    case 'ONCRMLEADADD':
        $id = (int) $_REQUEST['data']['FIELDS']['ID'];
        echo "added lead $id of {$_REQUEST['auth']['domain']}";
        break;
    case 'ONCRMLEADUPDATE':
        $id = (int) $_REQUEST['data']['FIELDS']['ID'];
        echo "changed lead $id of {$_REQUEST['auth']['domain']}";
        break;
    default:
        http_response_code(400);
        echo "what is {$_REQUEST['event']}?";
}
