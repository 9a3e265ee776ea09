for option in 'sp-fdmap --tree' 'sp-fdmap --counts' 'sp-parse --rejects'; do $option - </dev/null 2>&1 || status=$?; done; exit $status
