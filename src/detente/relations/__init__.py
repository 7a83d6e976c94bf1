"""What the events between two actors add up to: time lines, an index, shifts, blocs, ledgers, briefs; pure functions over Arrow tables.

`constants` (numbers of data/relations) · `parties` (which rows are a pair's) · `index` `bands` `coverage` `timeline` ·
`weeks` `calibrate` `charts` `counts` `marks` `shifts` · `signed` `blocs` · `draw` ·
`rules` `facts` `stances` `memberships` `agreements` (ledgers) · `phrases` `brief` `brief_text`
"""
