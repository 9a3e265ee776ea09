sp-parse -q ff-file.30427
