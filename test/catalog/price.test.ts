import {expect, test} from 'vitest';
import {averagePricePerHour, costOfHours} from '../../catalog/price.ts';

const tiers = [
  {fromHour: 0, pricePerHour: 1},
  {fromHour: 100, pricePerHour: 0.5},
  {fromHour: 400, pricePerHour: 0.34},
];

test.each([
  ['within the first tier', 50, 50],
  ['to its end', 100, 100],
  ['into the second', 200, 150],
  ['into the third', 500, 284],
  ['nothing for no hours', 0, 0],
])('a price by time tiers: %s', (_name, hours, cost) => {
  expect(costOfHours({pricePerHour: 1, priceTiers: tiers}, hours)).toBeCloseTo(cost, 9);
});

test('an unknown price stays unknown', () => {
  expect(costOfHours({pricePerHour: null, priceTiers: null}, 10)).toBeNull();
});

test('without tiers every hour costs the same', () => {
  expect(costOfHours({pricePerHour: 0.2, priceTiers: null}, 10)).toBeCloseTo(2, 9);
});

test('the price of an hour is the average of a month', () => {
  expect(averagePricePerHour(tiers)).toBeCloseTo((100 + 150 + 330 * 0.34) / 730, 9);
});
