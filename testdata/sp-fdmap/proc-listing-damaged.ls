lr-x------ 1 root root 64 Nov 21 10:00 3 -> /data/in
 -> 
 : ->  
-> /nowhere
