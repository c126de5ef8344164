-- What the public link of a file has to say; nothing for files that have none.
ALTER TABLE portal_file ADD COLUMN public_mark {text};
