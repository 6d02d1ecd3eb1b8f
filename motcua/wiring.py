"""Who reacts to which event, and what runs at what hour: the whole truth on one page."""

#: event name → jobs, each called as job(event=…, at=…) by a worker, in the order written here
REACTIONS: dict[str, list[str]] = {
    "dossier.submit": ["motcua.domain.dossiers.jobs.check_register"],
    "bill.paid": ["motcua.domain.dossiers.jobs.note_paid"],
    "application.file": ["motcua.domain.accounts.jobs.scan_photo"],
    "logout.queue": ["motcua.domain.accounts.jobs.tell_log_out"],
    "population.change": ["motcua.domain.accounts.jobs.note_death"],
    "message.queue": ["motcua.domain.accounts.jobs.send_message"],
    "paper.attach": ["motcua.domain.papers.jobs.scan"],
    "paper.replace": ["motcua.domain.papers.jobs.scan"],
    "paper.note_scan": ["motcua.domain.papers.jobs.draw"],
}

#: what a site holds of a person, module by module: each called as held(actor, at=…) for the person's own copy
HOLDINGS: list[str] = [
    "motcua.domain.population.queries.holding.held",
    "motcua.domain.accounts.queries.holding.held",
    "motcua.domain.people.queries.held",
    "motcua.domain.dossiers.queries.holding.held",
    "motcua.domain.privacy.queries.held",
]

#: encrypted columns, module by module: what `manage.py reseal` makes anew after a change of keys
SEALED: list[str] = [
    "motcua.domain.population.commands.resealing.COLUMNS",
    "motcua.domain.accounts.commands.resealing.COLUMNS",
]

#: numbers for Prometheus, module by module: each called without anything for what it counts
NUMBERS: list[str] = [
    "motcua.domain.population.queries.sweeping.numbers",
    "motcua.domain.witness.queries.numbers",
]

#: (cron in local time, job): each called as job(at=…) by a worker
SCHEDULE: list[tuple[str, str]] = [
    ("*/5 * * * *", "motcua.domain.dossiers.jobs.check_waiting"),
    ("*/5 * * * *", "motcua.domain.payments.jobs.ask"),
    ("50 3 * * *", "motcua.domain.payments.jobs.reconcile"),
    ("*/5 * * * *", "motcua.domain.papers.jobs.scan_again"),
    ("20 2 * * *", "motcua.domain.dossiers.jobs.forget_drafts"),
    ("40 2 * * *", "motcua.domain.papers.jobs.sweep"),
    ("25 * * * *", "motcua.domain.accounts.jobs.forget"),
    ("35 * * * *", "motcua.domain.accounts.jobs.lapse"),
    ("*/5 * * * *", "motcua.domain.accounts.jobs.ripen"),
    ("* * * * *", "motcua.domain.population.jobs.sign_heads"),
    ("35 * * * *", "motcua.domain.population.jobs.forget_candidates"),
    ("*/5 * * * *", "motcua.domain.population.jobs.watch"),
    ("*/5 * * * *", "motcua.domain.witness.jobs.watch"),
    ("10 4 * * *", "motcua.domain.witness.jobs.check_registration"),
    ("10 3 1 * *", "motcua.domain.accounts.jobs.rotate_keys"),
]
