# The new user may be root in any of the arguments; perf trace leaves out those that are 0.
sp-advise --no-default-rules --rules security --only privilege-change -o tsv to-root.tsv | cut -f1,3,6
