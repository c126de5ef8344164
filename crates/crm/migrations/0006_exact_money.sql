-- Prices, quantities and rates of product rows as whole numbers of their ten-thousandths, where they were doubles. What no such
-- number can hold becomes the greatest that can.
ALTER TABLE crm_product_row RENAME COLUMN price TO price_real;
ALTER TABLE crm_product_row RENAME COLUMN price_exclusive TO price_exclusive_real;
ALTER TABLE crm_product_row RENAME COLUMN price_netto TO price_netto_real;
ALTER TABLE crm_product_row RENAME COLUMN price_brutto TO price_brutto_real;
ALTER TABLE crm_product_row RENAME COLUMN quantity TO quantity_real;
ALTER TABLE crm_product_row RENAME COLUMN discount_rate TO discount_rate_real;
ALTER TABLE crm_product_row RENAME COLUMN discount_sum TO discount_sum_real;
ALTER TABLE crm_product_row RENAME COLUMN tax_rate TO tax_rate_real;
ALTER TABLE crm_product_row ADD COLUMN price {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN price_exclusive {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN price_netto {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN price_brutto {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN quantity {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN discount_rate {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN discount_sum {int} NOT NULL DEFAULT 0;
ALTER TABLE crm_product_row ADD COLUMN tax_rate {int};
UPDATE crm_product_row SET
  price = CAST(ROUND(CASE WHEN price_real > 9.2e14 THEN 9.2e14 WHEN price_real < -9.2e14 THEN -9.2e14 ELSE price_real END * 10000) AS {int}),
  price_exclusive = CAST(ROUND(CASE WHEN price_exclusive_real > 9.2e14 THEN 9.2e14 WHEN price_exclusive_real < -9.2e14 THEN -9.2e14 ELSE price_exclusive_real END * 10000) AS {int}),
  price_netto = CAST(ROUND(CASE WHEN price_netto_real > 9.2e14 THEN 9.2e14 WHEN price_netto_real < -9.2e14 THEN -9.2e14 ELSE price_netto_real END * 10000) AS {int}),
  price_brutto = CAST(ROUND(CASE WHEN price_brutto_real > 9.2e14 THEN 9.2e14 WHEN price_brutto_real < -9.2e14 THEN -9.2e14 ELSE price_brutto_real END * 10000) AS {int}),
  quantity = CAST(ROUND(CASE WHEN quantity_real > 9.2e14 THEN 9.2e14 WHEN quantity_real < -9.2e14 THEN -9.2e14 ELSE quantity_real END * 10000) AS {int}),
  discount_rate = CAST(ROUND(CASE WHEN discount_rate_real > 9.2e14 THEN 9.2e14 WHEN discount_rate_real < -9.2e14 THEN -9.2e14 ELSE discount_rate_real END * 10000) AS {int}),
  discount_sum = CAST(ROUND(CASE WHEN discount_sum_real > 9.2e14 THEN 9.2e14 WHEN discount_sum_real < -9.2e14 THEN -9.2e14 ELSE discount_sum_real END * 10000) AS {int}),
  tax_rate = CAST(ROUND(CASE WHEN tax_rate_real > 9.2e14 THEN 9.2e14 WHEN tax_rate_real < -9.2e14 THEN -9.2e14 ELSE tax_rate_real END * 10000) AS {int});
ALTER TABLE crm_product_row DROP COLUMN price_real;
ALTER TABLE crm_product_row DROP COLUMN price_exclusive_real;
ALTER TABLE crm_product_row DROP COLUMN price_netto_real;
ALTER TABLE crm_product_row DROP COLUMN price_brutto_real;
ALTER TABLE crm_product_row DROP COLUMN quantity_real;
ALTER TABLE crm_product_row DROP COLUMN discount_rate_real;
ALTER TABLE crm_product_row DROP COLUMN discount_sum_real;
ALTER TABLE crm_product_row DROP COLUMN tax_rate_real;
