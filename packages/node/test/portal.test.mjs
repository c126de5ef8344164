import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { start } from '@portreeve/testing';

let portal;
before(async () => (portal = await start()));
beforeEach(() => portal.reset());
after(() => portal.stop());

test('calls are asserted', async () => {
  const lead = await portal.call('crm.lead.add', { fields: { TITLE: 'Quay' } });
  await fetch(`${portal.webhook}crm.lead.get.json?id=${lead}`);
  await portal.assertCalled('crm.lead.add', { fields: { TITLE: 'Quay' } }, { times: 1 });
  await portal.assertCalled('crm.lead.get', { id: lead });
  await assert.rejects(portal.assertCalled('crm.lead.add', { fields: { TITLE: 'Pier' } }), /was not called/);
});

test('nothing is left of the test before', async () => {
  assert.deepEqual(await portal.call('crm.lead.list'), []);
  assert.equal((await portal.calls()).length, 1);
});

test('events are caught and repeated', async () => {
  await portal.clock.freeze();
  portal.events.answer(500);
  const lead = await portal.call('crm.lead.add', { fields: { TITLE: 'Quay' } });
  const [event] = await portal.events.wait('ONCRMLEADADD');
  assert.deepEqual(event.data, { FIELDS: { ID: String(lead) } });
  await portal.settle();
  await portal.clock.move('1h');
  assert.equal((await portal.events.wait('ONCRMLEADADD', { count: 2 })).length, 2);
  await assert.rejects(portal.events.wait('ONCRMDEALADD', { timeout: 50 }), /0 of 1 ONCRMDEALADD/);
});

test('faults are made and end', async () => {
  await portal.faults.error('QUERY_LIMIT_EXCEEDED', { method: 'crm.lead.*', times: 1 });
  await assert.rejects(portal.call('crm.lead.list'), { status: 503, code: 'QUERY_LIMIT_EXCEEDED' });
  assert.deepEqual(await portal.call('crm.lead.list'), []);
});

test('fixtures and snapshots', async () => {
  await portal.load({ records: [{ 'crm.contact.add': { fields: { NAME: 'Anna' } }, times: 3 }] });
  await portal.save('three');
  const [{ ID: id }] = await portal.call('crm.contact.list');
  await portal.call('crm.contact.delete', { id });
  await portal.restore('three');
  assert.equal((await portal.call('crm.contact.list')).length, 3);
});

test('a program that is not there is named', async () => {
  await assert.rejects(start({ binary: '/nowhere/portreeve' }), /ENOENT/);
});
