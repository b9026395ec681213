/*
 * Runs a BPF object as its user would, for the tests of the examples:
 *
 *     run-object OBJECT < STEPS
 *
 * loads it, does each step, one a line, and prints every map at the end.
 *
 *     put MAP KEY VALUE       sets an element, both in hexadecimal; VALUE may be `@PROGRAM`, for maps of programs
 *     attach                  attaches all programs, those of control groups to one made for this run
 *     run SCRIPT              runs a shell script in that control group and waits for its end
 *     packet PROGRAM HEX      BPF_PROG_TEST_RUN; prints `packet PROGRAM RETURNED HEX`
 *     context PROGRAM HEX     the same with a context instead of a packet
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_BYTES = 64 * 1024, MAX_LINKS = 256, SAMPLES_PER_SECOND = 999 };

static struct bpf_object *object;
static struct ring_buffer *ring;
static char group[256];
static struct bpf_link *links[MAX_LINKS];
static int link_count;

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "%s %s: %s\n", what, name, strerror(errno));
	if (group[0])
		rmdir(group);
	exit(1);
}

static size_t from_hex(const char *text, unsigned char *bytes)
{
	size_t n = 0;

	for (; text[0] && text[1] && n < MAX_BYTES; text += 2, n++) {
		char pair[3] = { text[0], text[1], 0 };
		bytes[n] = strtoul(pair, NULL, 16);
	}
	return n;
}

static void print_hex(const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		printf("%02x", ((const unsigned char *)data)[i]);
	printf("\n");
}

static int on_event(void *name, void *data, size_t size)
{
	printf("event %s ", (const char *)name);
	print_hex(data, size);
	return 0;
}

static void keep(struct bpf_link *link, const char *name)
{
	if (!link || link_count == MAX_LINKS)
		fail("attach", name);
	links[link_count++] = link;
}

static void attach_sampling(struct bpf_program *prog)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1, .sample_freq = SAMPLES_PER_SECOND,
	};

	for (int cpu = 0; cpu < libbpf_num_possible_cpus(); cpu++) {
		int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
		if (fd >= 0)
			keep(bpf_program__attach_perf_event(prog, fd), bpf_program__name(prog));
	}
}

static void make_group(void)
{
	char device[256], mount[200], type[64], rest[512];
	FILE *mounts = fopen("/proc/mounts", "r");

	while (mounts && fscanf(mounts, "%255s %199s %63s %511[^\n]", device, mount, type, rest) == 4)
		if (strcmp(type, "cgroup2") == 0)
			snprintf(group, sizeof(group), "%s/kgent-example-%d", mount, getpid());
	if (mounts)
		fclose(mounts);
	if (mkdir(group, 0755))
		fail("mkdir", group);
}

static int is_for_groups(struct bpf_program *prog)
{
	const char *section = bpf_program__section_name(prog);

	return !strncmp(section, "cgroup", 6) || !strcmp(section, "sockops") || !strncmp(section, "lsm_cgroup", 10);
}

static void print_iterator(struct bpf_program *prog)
{
	char text[4096];
	struct bpf_link *link = bpf_program__attach(prog);
	int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -1;
	ssize_t n;

	if (fd < 0)
		fail("iterate", bpf_program__name(prog));
	fflush(stdout);
	while ((n = read(fd, text, sizeof(text))) > 0)
		if (write(1, text, n) != n)
			fail("print", bpf_program__name(prog));
	close(fd);
	bpf_link__destroy(link);
}

static void attach(void)
{
	struct bpf_program *prog;
	int fd = -1;

	bpf_object__for_each_program(prog, object) {
		const char *name = bpf_program__name(prog);
		if (!bpf_program__autoload(prog))
			continue;
		if (is_for_groups(prog)) {
			if (fd < 0) {
				make_group();
				fd = open(group, O_RDONLY | O_CLOEXEC);
			}
			keep(bpf_program__attach_cgroup(prog, fd), name);
		} else if (!strncmp(bpf_program__section_name(prog), "perf_event", 10)) {
			attach_sampling(prog);
		} else if (strncmp(bpf_program__section_name(prog), "iter", 4)) {
			keep(bpf_program__attach(prog), name);
		}
	}
}

static void run(const char *script)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		if (group[0]) {
			char path[300];
			snprintf(path, sizeof(path), "%s/cgroup.procs", group);
			FILE *procs = fopen(path, "w");
			if (!procs || fprintf(procs, "0") < 0 || fclose(procs))
				fail("enter", path);
		}
		execl("/bin/sh", "sh", script, NULL);
		_exit(127);
	}
	while (waitpid(child, &status, WNOHANG) == 0)
		if (ring)
			ring_buffer__poll(ring, 20);
		else
			usleep(20000);
	if (status != 0)
		fprintf(stderr, "%s ended with %d\n", script, status);
}

static void test_run(const char *name, const char *hex, int is_context)
{
	static unsigned char in[MAX_BYTES], out[MAX_BYTES];
	struct bpf_program *prog = bpf_object__find_program_by_name(object, name);
	size_t size = from_hex(hex, in);
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	if (!prog)
		fail("find", name);
	if (is_context) {
		opts.ctx_in = in;
		opts.ctx_size_in = size;
	} else {
		opts.data_in = in;
		opts.data_size_in = size;
		opts.data_out = out;
		opts.data_size_out = sizeof(out);
	}
	if (bpf_prog_test_run_opts(bpf_program__fd(prog), &opts))
		fail("run", name);
	printf("packet %s %d ", name, (int)opts.retval);
	print_hex(out, is_context ? 0 : opts.data_size_out);
}

static void put(const char *name, const char *key_hex, const char *value_hex)
{
	static unsigned char key[MAX_BYTES], value[MAX_BYTES];
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	from_hex(key_hex, key);
	if (value_hex[0] == '@') {
		struct bpf_program *prog = bpf_object__find_program_by_name(object, value_hex + 1);
		int fd = prog ? bpf_program__fd(prog) : -1;
		memcpy(value, &fd, sizeof(fd));
	} else {
		from_hex(value_hex, value);
	}
	if (!map || bpf_map_update_elem(bpf_map__fd(map), key, value, BPF_ANY))
		fail("put", name);
}

static void print_map(struct bpf_map *map)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);
	char command[100];

	if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF || strchr(bpf_map__name(map), '.'))
		return;
	if (bpf_obj_get_info_by_fd(bpf_map__fd(map), &info, &size))
		fail("ask", bpf_map__name(map));
	printf("map %s ", bpf_map__name(map));
	fflush(stdout);
	snprintf(command, sizeof(command), "bpftool -j map dump id %u; echo", info.id);
	if (system(command) < 0)
		fail("dump", bpf_map__name(map));
}

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, args) : 0;
}

static void step(char *line)
{
	char *word = strtok(line, " \n"), *a = strtok(NULL, " \n"), *b = strtok(NULL, " \n"), *c = strtok(NULL, " \n");

	if (!strcmp(word, "attach"))
		attach();
	else if (!strcmp(word, "run"))
		run(a);
	else if (!strcmp(word, "put"))
		put(a, b, c);
	else
		test_run(a, b ? b : "", !strcmp(word, "context"));
}

int main(int argc, char **argv)
{
	static char line[3 * MAX_BYTES];
	struct bpf_program *prog;
	struct bpf_map *map;

	libbpf_set_print(quiet);
	object = argc > 1 ? bpf_object__open(argv[1]) : NULL;
	if (!object || bpf_object__load(object))
		fail("load", argc > 1 ? argv[1] : "nothing");
	bpf_object__for_each_map(map, object) {
		if (bpf_map__type(map) != BPF_MAP_TYPE_RINGBUF)
			continue;
		if (!ring)
			ring = ring_buffer__new(bpf_map__fd(map), on_event, (void *)bpf_map__name(map), NULL);
		else
			ring_buffer__add(ring, bpf_map__fd(map), on_event, (void *)bpf_map__name(map));
	}
	while (fgets(line, sizeof(line), stdin))
		step(line);
	bpf_object__for_each_program(prog, object)
		if (!strncmp(bpf_program__section_name(prog), "iter", 4))
			print_iterator(prog);
	if (ring)
		ring_buffer__consume(ring);
	bpf_object__for_each_map(map, object)
		print_map(map);
	while (link_count > 0)
		bpf_link__destroy(links[--link_count]);
	bpf_object__close(object);
	if (group[0])
		rmdir(group);
	return 0;
}
