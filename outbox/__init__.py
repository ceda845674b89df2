"""The outbox: the database is the queue, the broker only a nudge (promises S1 to S4)."""
