<?php
/**
 * Recipes for the CRM as the documentation has them for CRest: a deal from an order, its document, a repeated lead, a task for
 * the person responsible, fields of one's own, requisites with an address, and items of a smart process. HOOK is a webhook
 * with the scope crm.
 */
require __DIR__ . '/crest.php';

function check(bool $holds, string $what, mixed $seen = null): void
{
    if (!$holds) {
        fwrite(STDERR, "$what does not hold: " . json_encode($seen) . "\n");
        exit(1);
    }
}

function result(Crest $portal, string $method, array $parameters = []): mixed
{
    $answer = $portal->call($method, $parameters);
    check(array_key_exists('result', $answer), $method, $answer);
    return $answer['result'];
}

/** Contact, deal and product rows in one batch, each with what came before. */
function order(Crest $portal): int
{
    $answer = $portal->batch([
        'company' => ['method' => 'crm.company.add', 'params' => ['fields' => ['TITLE' => 'Kade & Sons', 'OPENED' => 'Y']]],
        'contact' => ['method' => 'crm.contact.add', 'params' => ['fields' => [
            'NAME' => 'Ingrid', 'LAST_NAME' => 'Kade', 'COMPANY_ID' => '$result[company]',
            'PHONE' => [['VALUE' => '+4940111', 'VALUE_TYPE' => 'WORK']],
        ]]],
        'deal' => ['method' => 'crm.deal.add', 'params' => ['fields' => [
            'TITLE' => 'Order 17', 'COMPANY_ID' => '$result[company]', 'CONTACT_ID' => '$result[contact]', 'CURRENCY_ID' => 'EUR',
        ]]],
        'rows' => ['method' => 'crm.deal.productrows.set', 'params' => ['id' => '$result[deal]', 'rows' => [
            ['PRODUCT_NAME' => 'Rope', 'PRICE' => 12.5, 'QUANTITY' => 4], ['PRODUCT_NAME' => 'Cleat', 'PRICE' => 3, 'QUANTITY' => 10],
        ]]],
        'get' => ['method' => 'crm.deal.get', 'params' => ['id' => '$result[deal]']],
    ], 1)['result'];
    check(!$answer['result_error'], 'the batch', $answer);
    check($answer['result']['get']['OPPORTUNITY'] === '80.00', 'the sum', $answer['result']['get']);
    check($answer['result']['get']['CONTACT_ID'] === (string) $answer['result']['contact'], 'the contact', $answer);
    echo "OK order\n";
    return $answer['result']['deal'];
}

/** The recipe "creating a waybill of a deal". */
function document(Crest $portal, int $deal): void
{
    $file = trim(file_get_contents(__DIR__ . '/../../../crates/documents/src/offer.b64'));
    $numerator = result($portal, 'crm.documentgenerator.numerator.add', ['fields' => ['name' => 'Rest Numerator', 'template' => '{NUMBER}']]);
    $template = result($portal, 'crm.documentgenerator.template.add', ['fields' => [
        'name' => 'Waybill', 'numeratorId' => $numerator['numerator']['id'], 'region' => 'uk', 'users' => ['UA'], 'entityTypeId' => ['2'],
        'file' => $file,
    ]]);
    $document = result($portal, 'crm.documentgenerator.document.add', [
        'templateId' => $template['template']['id'], 'entityTypeId' => '2', 'entityId' => $deal,
    ])['document'];
    check($document['title'] === 'Waybill 1' && $document['products']['totalSum'] === '80.00', 'the document', $document);
    echo "OK document\n";
}

/** A lead is added unless somebody with that phone is known. */
function repeatedLead(Crest $portal): void
{
    $found = result($portal, 'crm.duplicate.findbycomm', ['type' => 'PHONE', 'values' => ['+49 40 111']]);
    check(count($found['CONTACT'] ?? []) === 1, 'the contact with that phone', $found);
    $nobody = result($portal, 'crm.duplicate.findbycomm', ['type' => 'PHONE', 'values' => ['+49 40 999']]);
    check($nobody === [], 'nobody', $nobody);
    echo "OK repeated lead\n";
}

function activity(Crest $portal, int $deal): void
{
    $owner = result($portal, 'crm.deal.get', ['id' => $deal]);
    $contact = $owner['CONTACT_ID'];
    $call = result($portal, 'crm.activity.add', ['fields' => [
        'OWNER_TYPE_ID' => 2, 'OWNER_ID' => $deal, 'TYPE_ID' => 2, 'SUBJECT' => 'Call Ingrid', 'DIRECTION' => 2, 'COMPLETED' => 'N',
        'RESPONSIBLE_ID' => $owner['ASSIGNED_BY_ID'], 'START_TIME' => date('c'), 'END_TIME' => date('c', time() + 3600),
        'COMMUNICATIONS' => [['VALUE' => '+4940111', 'ENTITY_ID' => $contact, 'ENTITY_TYPE_ID' => 3]],
    ]]);
    check(result($portal, 'crm.activity.update', ['id' => $call, 'fields' => ['COMPLETED' => 'Y', 'DESCRIPTION' => 'Done']]) === true, 'the change');
    $read = result($portal, 'crm.activity.get', ['id' => $call]);
    check($read['COMPLETED'] === 'Y' && $read['OWNER_ID'] === (string) $deal, 'the call', $read);
    $comment = result($portal, 'crm.timeline.comment.add', ['fields' => [
        'ENTITY_ID' => $deal, 'ENTITY_TYPE' => 'deal', 'COMMENT' => 'Called', 'FILES' => [['note.txt', base64_encode('Ahoy')]],
    ]]);
    $read = result($portal, 'crm.timeline.comment.get', ['id' => $comment]);
    check(current($read['FILES'])['name'] === 'note.txt', 'the file', $read);
    echo "OK activity\n";
}

function ownField(Crest $portal, int $deal): void
{
    $field = result($portal, 'crm.deal.userfield.add', ['fields' => [
        'FIELD_NAME' => 'BERTH', 'EDIT_FORM_LABEL' => 'Berth', 'USER_TYPE_ID' => 'enumeration', 'LIST' => [['VALUE' => 'North'], ['VALUE' => 'South', 'DEF' => 'Y']],
    ]]);
    $known = result($portal, 'crm.deal.userfield.get', ['id' => $field]);
    $south = array_column($known['LIST'], 'ID', 'VALUE')['South'];
    result($portal, 'crm.deal.update', ['id' => $deal, 'fields' => ['UF_CRM_BERTH' => $south]]);
    $rows = result($portal, 'crm.deal.list', ['filter' => ['UF_CRM_BERTH' => $south], 'select' => ['ID', 'UF_CRM_BERTH']]);
    check($rows === [['ID' => (string) $deal, 'UF_CRM_BERTH' => (string) $south]], 'the field', $rows);
    echo "OK own field\n";
}

function requisites(Crest $portal, int $deal): void
{
    $company = result($portal, 'crm.deal.get', ['id' => $deal])['COMPANY_ID'];
    $preset = result($portal, 'crm.requisite.preset.list', ['order' => ['ID' => 'ASC']])[0]['ID'];
    $requisite = result($portal, 'crm.requisite.add', ['fields' => [
        'ENTITY_TYPE_ID' => 4, 'ENTITY_ID' => $company, 'PRESET_ID' => $preset, 'NAME' => 'Kade & Sons', 'RQ_INN' => '7707083893',
    ]]);
    result($portal, 'crm.address.add', ['fields' => ['TYPE_ID' => 1, 'ENTITY_TYPE_ID' => 8, 'ENTITY_ID' => $requisite, 'CITY' => 'Hamburg']]);
    result($portal, 'crm.requisite.bankdetail.add', ['fields' => ['ENTITY_ID' => $requisite, 'NAME' => 'Account', 'RQ_ACC_NUM' => '1']]);
    $found = result($portal, 'crm.requisite.list', ['filter' => ['RQ_INN' => '7707083893'], 'select' => ['ID', 'ENTITY_ID']]);
    check($found === [['ID' => (string) $requisite, 'ENTITY_ID' => $company]], 'the requisite', $found);
    $address = result($portal, 'crm.address.list', ['filter' => ['ENTITY_TYPE_ID' => 8, 'ENTITY_ID' => $requisite]]);
    check($address[0]['CITY'] === 'Hamburg', 'the address', $address);
    echo "OK requisites\n";
}

function smartProcess(Crest $portal): void
{
    $type = result($portal, 'crm.type.add', ['fields' => ['title' => 'Berths', 'isCategoriesEnabled' => 'Y', 'isStagesEnabled' => 'Y', 'isClientEnabled' => 'Y']])['type'];
    $of = ['entityTypeId' => $type['entityTypeId']];
    $item = result($portal, 'crm.item.add', [...$of, 'fields' => ['title' => 'North 7']])['item'];
    $category = result($portal, 'crm.category.list', $of)['categories'][0];
    $stages = result($portal, 'crm.status.list', ['filter' => ['ENTITY_ID' => "DYNAMIC_{$type['entityTypeId']}_STAGE_{$category['id']}"]]);
    check(in_array($item['stageId'], array_column($stages, 'STATUS_ID'), true), 'its stage', [$item, $stages]);
    $other = array_values(array_diff(array_column($stages, 'STATUS_ID'), [$item['stageId']]))[0];
    result($portal, 'crm.item.update', [...$of, 'id' => $item['id'], 'fields' => ['stageId' => $other]]);
    $found = result($portal, 'crm.item.list', [...$of, 'filter' => ['stageId' => $other], 'select' => ['id', 'title']])['items'];
    check(array_column($found, 'title') === ['North 7'], 'the item', $found);
    result($portal, 'crm.item.delete', [...$of, 'id' => $item['id']]);
    result($portal, 'crm.type.delete', ['id' => $type['id']]);
    echo "OK smart process\n";
}

$portal = new Crest(getenv('HOOK'));
$deal = order($portal);
document($portal, $deal);
repeatedLead($portal);
activity($portal, $deal);
ownField($portal, $deal);
requisites($portal, $deal);
smartProcess($portal);
