# Steps a program to its end in gdb, and prints the steps.
n = 0
while gdb.selected_inferior().pid != 0:
    gdb.execute("stepi", to_string=True)
    n += 1
gdb.write("STEPS %d\n" % n, gdb.STDERR)
