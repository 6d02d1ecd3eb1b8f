"""Who reacts to which event, and what runs at what hour: the whole truth on one page."""

#: event name → jobs, each called as job(event=…, at=…) by a worker, in the order written here
REACTIONS: dict[str, list[str]] = {}

#: (cron in local time, job): each called as job(at=…) by a worker
SCHEDULE: list[tuple[str, str]] = []
