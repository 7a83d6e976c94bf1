"""What the events between two actors add up to: time lines, an index, shifts, blocs; pure functions over the tables of tables.py.

`constants` (numbers of data/relations) · `parties` (which rows are a pair's) · `index` `bands` `coverage` `timeline` ·
`weeks` `calibrate` `charts` `counts` `marks` `shifts` · `signed` `blocs` · `draw`
"""
