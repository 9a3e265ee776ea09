sp-stats --by mount,path --mounts mounts --sort path --columns calls paths.tsv
