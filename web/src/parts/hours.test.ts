import assert from 'node:assert/strict'
import { test } from 'node:test'
import { box, clockOf, hoursOf, onDay, placed } from './hours'

const span = (from: number, to: number) => ({ column: 'a', from, to })

test('what overlaps stands side by side', () => {
  const lanes = placed([span(600, 660), span(540, 630), span(630, 700), span(700, 720), span(900, 960)]).map(one => [one.from, one.lane, one.lanes])
  assert.deepEqual(lanes, [[540, 0, 2], [600, 1, 2], [630, 0, 2], [700, 0, 1], [900, 0, 1]])
  assert.deepEqual(placed([span(600, 600), span(610, 640)]).map(one => one.lane), [0, 1], 'what is short is drawn longer')
})

test('the hours are those of the office and whatever there is besides', () => {
  assert.deepEqual(hoursOf([]), [8, 18])
  assert.deepEqual(hoursOf([span(400, 420), span(1430, 1440)]), [6, 24])
  assert.deepEqual(box({ ...span(480, 540), lane: 1, lanes: 2 }, [8, 18]), { top: '0%', height: '10%', left: '50%', width: '50%' })
  assert.equal(clockOf(545), '9:05')
})

test('a day has its part of a time', () => {
  const [from, to] = ['2026-06-15T22:30', '2026-06-17T01:00']
  assert.deepEqual(['2026-06-14', '2026-06-15', '2026-06-16', '2026-06-17', '2026-06-18'].map(day => onDay(day, from, to)),
    [undefined, { from: 1350, to: 1440 }, { from: 0, to: 1440 }, { from: 0, to: 60 }, undefined])
  assert.equal(onDay('2026-06-16', '2026-06-15T10:00', '2026-06-16T00:00'), undefined, 'what ends at midnight does not reach into the day')
})
