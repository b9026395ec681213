/** Pieces of a tracing program as people write them; `N` becomes a number, so that every probe has maps of its own. */
const PIECES = [
  `// Latency of reads by process.
tracepoint:syscalls:sys_enter_read
/pid != 0/
{
  @startN[tid] = nsecs;
  @fdN[tid] = args->fd;
}

tracepoint:syscalls:sys_exit_read
/@startN[tid] != 0/
{
  $took = nsecs - @startN[tid];
  if (args->ret > 0) {
    @usecsN[comm] = hist($took / 1000);
    @bytesN[comm, @fdN[tid]] = sum(args->ret);
  }
  delete(@startN[tid]);
  delete(@fdN[tid]);
}
`,
  `/* Who runs after whom. */
tracepoint:sched:sched_switch
{
  $task = (struct task_struct *)curtask;
  @switchN[args->prev_comm, args->next_comm] = count();
  if ($task->mm != 0) {
    @usersN[$task->mm->mm_users.counter] = count();
  }
  @lastN[cpu] = (args->next_pid, nsecs);
}
`,
  `tracepoint:syscalls:sys_enter_openat
/comm == "bash" || uid == 0/
{
  $path = str(args->filename);
  printf("%-6d %-16s %s flags=%x\\n", pid, comm, $path, args->flags);
  @opensN[$path] = count();
  @lastopenN = $path;
}
`,
  `interval:s:N1
{
  $i = 0;
  while ($i < 4) {
    @gridN[$i, $i * 2] = $i > 2 ? "high" : "low";
    $i++;
  }
  print(@gridN);
  clear(@gridN);
}
`,
];

/** A well-typed program of about `lines` lines. It is the same each time. */
export function program(lines: number): string {
  let text = '#!/usr/bin/env bpftrace\n\n';
  for (let n = 0; text.split('\n').length < lines; n++) text += `${(PIECES[n % PIECES.length] ?? '').replaceAll('N', String(n))}\n`;
  return text;
}
