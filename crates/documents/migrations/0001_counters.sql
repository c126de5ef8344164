-- The last number that a numerator gave in a period.
CREATE TABLE documents_counter (
    numerator_id {int} NOT NULL,
    period {text} NOT NULL,
    last {int} NOT NULL,
    PRIMARY KEY (numerator_id, period)
);
