-- It was read at the start alone, and written with each step of a submission.
DROP INDEX submissions_by_state;
