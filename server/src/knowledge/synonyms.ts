/**
 * Everyday words of tracing questions beside the kernel's own words for the same thing. Each line is
 * one concept: words or phrases of up to four words, separated by commas. A word may belong to several
 * lines. Endings do not matter (words are stemmed before they are compared).
 */
export const SYNONYMS = `
syscall, system call, kernel call, sys enter, sys exit, raw syscalls
process, program, command, app, application, task, comm, pid, proc, executable
thread, tid, lwp
latency, duration, slow, delay, took, take long, how long, elapsed, response time, time spent, performance, wait time, millisecond, microsecond, ms, slower, slowest, longer, longest, lag, stall time
wait, block, blocked, stuck, sleep, off cpu, idle, hang, pause, stall, delay
sleep, nanosleep, clock nanosleep, usleep, pause
drop, loss, lose, lost, discard, thrown away, kfree skb
count, number, how many, how often, frequency, frequent, total, tally, amount, rate
histogram, distribution, spread, hist, lhist, distributed, bucket
size, bytes, how big, large, bigger, length, volume, amount, bandwidth, throughput
average, mean, avg, typical
open, opened, openat, file access, access files, open files
file, vfs, filename, path, filesystem, file system, inode, dentry, document
read, reading, pread, readv, load from disk
write, writing, written, pwrite, writev, save, store
delete, remove, unlink, unlinkat, erase, rm, vanish, disappear
rename, move, moved, renameat, mv
create, creation, new, make, mkdir, start
directory, folder, dir, mkdir, getdents
sync, fsync, flush, fdatasync, msync, writeback
connect, connection, outgoing, outbound, dial, inet stream connect, tcp connect
accept, incoming, inbound, inet csk accept, clients connecting
listen, server socket, backlog, bind, open port
network, net, internet, ethernet, traffic, networking
packet, skb, sk buff, frame, datagram
interface, nic, netdev, network card, network device, eth0, ifindex, ifname
send, transmit, xmit, tx, sendmsg, sendto, outgoing, upload, sent, egress
receive, recv, rx, recvmsg, recvfrom, incoming, download, ingress
retransmit, retransmission, resend, resent, retry, sent again
reset, rst, tcp reset, refused, aborted connection
port, dport, sport, destination port
address, ip, daddr, saddr, ip address, destination, remote host, peer, host
socket, sock, sk, inet sock
dns, name lookup, resolve, getaddrinfo, hostname, domain name, name resolution
disk, block, blk, io, storage, drive, ssd, hard disk, block device, bio, nvme
request, rq, issue, block rq
memory, mem, ram, mm, page, virtual memory
allocate, allocation, malloc, kmalloc, alloc, kmem, mmap, brk
free, release, kfree, munmap, deallocate
page fault, fault, faults, minor fault, major fault
out of memory, oom, oom kill, oom killer, memory exhausted, ran out of memory, short of memory, low on memory, victim, shot
reclaim, vmscan, kswapd, memory pressure, short of memory, low on memory
swap, swapping, swapped, paging
page cache, filemap, cached, cache
leak, memory leak, not freed
cpu, processor, core, cpus
profile, sample, sampling, hot, busy, busier, busiest, burn, eat, load, cpu usage, consume, cpu time, hungry, profiling, flame graph, spend
stack, kstack, ustack, stack trace, call chain, backtrace, call stack, code path
scheduler, sched, scheduling, schedule
context switch, switch, switched, sched switch
run queue, runqueue, waiting for cpu, runnable, scheduling delay, scheduler latency, wait for a cpu
wake, wakeup, awaken, sched wakeup, woken, woke
migrate, migration, moved between cpus, bounce between cpus, bounce
priority, nice, prio
fork, clone, spawn, new process, create process, child process, vfork
execute, exec, execve, launch, run, start program, started, new program, sched process exec
exit, end, terminate, die, dying, died, quit, death, finish, stop, ended, sched process exit
kill, signal, sigkill, sigterm, sigsegv, segfault, kill command
crash, segfault, segmentation fault, sigsegv, core dump, abort
interrupt, irq, hardirq, interrupt handler
softirq, bottom half, soft interrupt, tasklet
timer, hrtimer, timeout, alarm
expire, fire, trigger, run out, go off
workqueue, work item, kworker, kernel worker, worker thread, deferred work
lock, mutex, contention, futex, spinlock, rwsem, contended
error, fail, failed, failure, errno, unsuccessful, problem, wrong, failing
permission, denied, eacces, eperm, not allowed, access denied, forbidden, unauthorized
capability, capable, cap capable, privilege
privilege, root, sudo, setuid, privileged, superuser, escalate, setuid programs
user, uid, who, user id, account
group, gid
chmod, permissions, mode, file permissions, permission change
chown, owner, ownership, owned
mount, umount, mounted, unmount, attach filesystem
module, kernel module, driver, insmod, modprobe, kmod
container, docker, cgroup, pod, kubernetes, containerised
namespace, unshare, setns, netns
ptrace, debugger, debug another, gdb, strace, attach debugger
bpf, ebpf programs loaded, bpf prog load
password, passwd, shadow, credential, secret
argument, args, parameter, argv, command line
return value, retval, result, returned, ret
library, libc, uprobe, shared library, user function, lib
function, func, kprobe, kernel function
shell, bash, readline, typed commands, commands typed
time, timestamp, nsecs, clock, date
second, interval, periodically, every second, per second
top, most, biggest, busiest, often, heaviest, highest, most active, largest
tcp, transmission control protocol, tcp connection
udp, datagram, user datagram
round trip, rtt, srtt, ping time, network latency
state, tcp state, state change, inet sock set state
lifetime, lifespan, live, lived, alive, session length, connection duration, short lived, long lived
session, connection
congestion, cwnd, window
xdp, fast path, driver level
firewall, netfilter, iptables, nft, filter packets, nf hook
map, hash map, table, bpf map
string, str, text, kstr, char
ring buffer, ringbuf, perf buffer, perf event output
current, this process, current task, get current
copy, probe read, read memory, read kernel memory, read user memory
power, frequency, cpu frequency, idle state, cstate
temperature, thermal, hot
kvm, virtual machine, vm, hypervisor, guest, virtualisation
usb, device plugged
tty, terminal, console, keyboard
pipe, fifo
epoll, poll, select, event loop
random, entropy, getrandom
`;

/** Concept number by phrase (stems joined with blanks); a phrase may stand for several concepts. */
export type Concepts = ReadonlyMap<string, readonly number[]>;

/** The table in the shape the embedder wants; `stemPhrase` is the embedder's own stemming. */
export function conceptsOf(stemPhrase: (text: string) => string): Concepts {
  const concepts = new Map<string, number[]>();
  for (const [number, line] of SYNONYMS.trim().split('\n').entries()) {
    for (const phrase of new Set(line.split(',').map((p) => stemPhrase(p)))) {
      const known = concepts.get(phrase);
      if (known) known.push(number);
      else concepts.set(phrase, [number]);
    }
  }
  return concepts;
}

/** The longest phrase of the table, in words. */
export const MAX_PHRASE_WORDS = 4;
