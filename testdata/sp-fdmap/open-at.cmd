for at in 1700000101500000000 +3.5s 1700000104000000000 end; do
	echo "at $at"
	sp-parse -q open-at.trace | sp-fdmap --open-at "$at" -o tsv
done
