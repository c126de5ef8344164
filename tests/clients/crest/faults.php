<?php
/**
 * CRest against a portal where every error of the protocol's table is made on demand: it ignores the status and goes by `error`.
 * HOOK is a webhook, OPERATOR the URL of the operator's API, TOKEN its token, FAULTS the table: code, status and words.
 */
require __DIR__ . '/crest.php';

function ask(string $verb, string $path, ?array $body = null): void
{
    $request = curl_init(getenv('OPERATOR') . $path);
    curl_setopt_array($request, [
        CURLOPT_CUSTOMREQUEST => $verb,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FAILONERROR => true,
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('TOKEN'), 'Content-Type: application/json'],
    ]);
    if ($body) {
        curl_setopt($request, CURLOPT_POSTFIELDS, json_encode($body));
    }
    if (curl_exec($request) === false) {
        throw new RuntimeException("$verb $path: " . curl_error($request));
    }
}

$portal = new Crest(getenv('HOOK'));
$table = json_decode(getenv('FAULTS'), true, flags: JSON_THROW_ON_ERROR);
foreach ($table as [$code, $status, $words]) {
    ask('DELETE', '/faults');
    ask('POST', '/faults', ['method' => 'profile', 'effect' => ['kind' => 'error', 'code' => $code, 'status' => $status]]);
    $answer = $portal->call('profile');
    if ($answer['error'] !== $code || $answer['error_description'] !== $words) {
        fwrite(STDERR, "$code: " . json_encode($answer) . "\n");
        exit(1);
    }
}
ask('DELETE', '/faults');
if (!isset($portal->call('profile')['result']['ID'])) {
    exit(1);
}
echo 'OK ' . count($table) . " faults\n";
