-- Makes a copy of db harmless before anybody reaches it: `ops/backup/db/restore.sh` runs it in one transaction, in the
-- restored copy. This file is yours. Until it is written it refuses, so that no real data goes anywhere.
-- For example: UPDATE users SET email = 'user' || id || '@example.org', name = 'User ' || id, phone = NULL;
DO $$ BEGIN RAISE EXCEPTION 'the script that makes copies anonymous is not written yet'; END $$;
