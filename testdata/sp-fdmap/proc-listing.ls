/proc/10/fd:
total 0
lrwx------ 1 root root 64 Nov 21 06:55 0 -> /dev/pts/3
l-wx------ 1 root root 64 Nov 21 06:55 1 -> pipe:[4711]
lrwx------ 1 root root 64 Nov 21 06:55 3 -> /var/log/an app.log (deleted)
lrwx------ 1 root root 64 Nov 21 06:55 4 -> socket:[815]

/proc/20/fd:
total 0
lr-x------ 1 root root 64 Nov 21 06:55 3 -> /etc/of-20
lrwxrwxrwx 1 root root 0 Nov 21 06:55 /proc/10/cwd -> /srv
