"""The steps, in the order in which an article goes through them (see `detente.pipeline`):

read · split · gate · parse · actors · claims · dates · places · quantities · voices · status · ledger · retold · contexts

Status comes after dates because "historical" rests on them (docs/decisions/0002). A step never imports another step;
`memory`, `happenings`, `tellings`, `sameness`, `slots`, `dating` and `published` are helpers that steps share.
"""
