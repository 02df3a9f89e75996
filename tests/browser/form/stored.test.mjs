// Tests the stored draft and the names of the entries, by the fixtures that src/submission/stored_draft.rs follows too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { apiOf, draftText, entryNames, fieldsOf, readDraft, valueOf } from '../../../src/element/js/stored.js';
import { test } from '../harness/test.mjs';

const fixtures = JSON.parse(readFileSync(new URL('../../fixtures/storage/entries.json', import.meta.url), 'utf8'));

test('stored entries, drafts and values are written and read as the fixtures say', async () => {
  for (const { attributes, element, draft, pending } of fixtures.names) {
    const { api, endpoint, 'customer-id': customer } = attributes;
    assert.deepEqual(entryNames({ api: apiOf(api), endpoint, customer, element }), { draft, pending });
  }
  for (const { fields, time, text } of fixtures.written) assert.equal(draftText(Object.fromEntries(fields), time), text);
  for (const { text, now, fields } of fixtures.read) assert.deepEqual(readDraft(text, now) ?? null, fields, text);

  const value = { amount: '5', reference: 'x', shares: { 11: '2', 12: '' } };
  assert.deepEqual(fieldsOf(value), { amount: '5', reference: 'x', 'share-11': '2', 'share-12': '' });
  assert.deepEqual(valueOf(fieldsOf(value), 'fusebill'), value);
  assert.deepEqual(fieldsOf({ amountPaid: 4, amountDue: null, date: {} }), { amount: '4' });
  assert.deepEqual(valueOf({ amount: '4' }, 'maiascore'), { amountPaid: '4' });
});
