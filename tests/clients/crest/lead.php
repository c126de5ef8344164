<?php
/**
 * The lead example: a page takes a form that a visitor sent, adds a lead from it, and reads it back; then what every client
 * here does as well. HOOK is a webhook with the scope crm; NARROW is one without any scope.
 */
require __DIR__ . '/crest.php';

function check(bool $holds, string $what, mixed $seen = null): void
{
    if (!$holds) {
        fwrite(STDERR, "$what does not hold: " . json_encode($seen) . "\n");
        exit(1);
    }
}

function addAndGet(Crest $portal, array $form): void
{
    $answer = $portal->call('crm.lead.add', ['fields' => [
        'TITLE' => $form['subject'],
        'NAME' => $form['name'],
        'LAST_NAME' => $form['last_name'],
        'PHONE' => [['VALUE' => $form['phone'], 'VALUE_TYPE' => 'WORK']],
        'EMAIL' => [['VALUE' => $form['email'], 'VALUE_TYPE' => 'HOME']],
    ]]);
    check(is_int($answer['result'] ?? null), 'an id', $answer);
    $lead = $portal->call('crm.lead.get', ['id' => $answer['result']])['result'] ?? [];
    check(($lead['ID'] ?? null) === (string) $answer['result'], 'the same lead', $lead);
    check($lead['TITLE'] === $form['subject'] && $lead['NAME'] === $form['name'], 'its text', $lead);
    check($lead['PHONE'][0]['VALUE'] === $form['phone'], 'its phone', $lead);
    check($lead['EMAIL'][0]['VALUE_TYPE'] === 'HOME', 'its e-mail address', $lead);
    check($portal->call('crm.lead.delete', ['id' => $answer['result']])['result'] === true, 'deleting');
    $gone = $portal->call('crm.lead.get', ['id' => $answer['result']]);
    check($gone['error'] === '' && $gone['error_description'] === 'Not found', 'not found', $gone);
    check(isset($portal->call('profile')['result']['ID']), 'a GET without parameters');
    echo "OK add and get\n";
}

function listThroughPaging(Crest $portal, int $count): array
{
    $ids = [];
    foreach (array_chunk(range(0, $count - 1), 50) as $numbers) {
        $calls = array_map(fn ($number) => ['method' => 'crm.lead.add', 'params' => ['fields' => ['TITLE' => "Berth $number"]]], $numbers);
        array_push($ids, ...$portal->batch($calls, 1)['result']['result']);
    }
    check(count(array_unique($ids)) === $count, 'distinct ids', $ids);
    $found = [];
    $start = 0;
    do {
        $page = $portal->call('crm.lead.list', [
            'filter' => ['%TITLE' => 'Berth'], 'order' => ['ID' => 'ASC'], 'select' => ['ID', 'TITLE'], 'start' => $start,
        ]);
        check($page['total'] === $count, 'the total', $page['total'] ?? $page);
        array_push($found, ...array_column($page['result'], 'ID'));
    } while ($start = $page['next'] ?? 0);
    check($found === array_map('strval', $ids), 'every lead once', $found);
    echo "OK list through paging\n";
    return $ids;
}

function batchOfFifty(Crest $portal, array $ids): void
{
    $calls = [];
    foreach (array_slice($ids, 0, 50) as $id) {
        $calls["lead$id"] = ['method' => 'crm.lead.get', 'params' => ['id' => $id]];
    }
    $answer = $portal->batch($calls)['result'];
    check(array_column($answer['result'], 'ID') === array_map('strval', array_slice($ids, 0, 50)), 'fifty leads', $answer);
    check($answer['result_error'] === [], 'no errors', $answer['result_error']);
    echo "OK batch of 50\n";
}

function refusals(string $hook, string $narrow): void
{
    $wrong = substr(rtrim($hook, '/'), 0, -4) . '0000/';
    check((new Crest($wrong))->call('profile')['error'] === 'INVALID_CREDENTIALS', 'a wrong secret');
    echo "OK wrong secret\n";
    check((new Crest($narrow))->call('crm.lead.list')['error'] === 'insufficient_scope', 'a missing scope');
    echo "OK missing scope\n";
    check((new Crest($hook))->call('crm.lead.no.such')['error'] === 'ERROR_METHOD_NOT_FOUND', 'an unknown method');
    echo "OK unknown method\n";
}

$hook = getenv('HOOK');
$portal = new Crest($hook);
addAndGet($portal, [
    'subject' => 'Заявка "Harbour" & <co>', 'name' => 'Ines', 'last_name' => 'Berg', 'phone' => '+49 30 111', 'email' => 'ines@example.com',
]);
batchOfFifty($portal, listThroughPaging($portal, 134));
refusals($hook, getenv('NARROW'));
