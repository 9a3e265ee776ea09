sp-advise --no-default-rules --rules idle.yaml --rules override.yaml --list
