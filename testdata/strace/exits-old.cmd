sp-parse -q --columns kind,tid,ret,note exits-old.trace
