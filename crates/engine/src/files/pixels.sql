-- How large pictures are, which chats tell. Contents of before say nothing.
ALTER TABLE portal_content ADD COLUMN width {int};
ALTER TABLE portal_content ADD COLUMN height {int};
