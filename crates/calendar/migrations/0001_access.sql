-- What access codes may do with a calendar: 1 times, 2 titles, 3 everything in it, 4 changes, 5 the calendar itself.
CREATE TABLE calendar_access (
    section_id {int} NOT NULL,
    access_code {text} NOT NULL,
    level {int} NOT NULL,
    PRIMARY KEY (section_id, access_code)
);
