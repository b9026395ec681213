import type { Facts, Tool } from './facts.ts';

/** What tells how to install something there. */
export type Installs = Pick<Facts, 'distributionId' | 'distributionLike' | 'root'>;

/** Distributions that install by the same command and name their packages alike. */
interface Family {
  /** Words of os-release's ID and ID_LIKE (`opensuse-leap` is two). */
  readonly ids: readonly string[];
  readonly install: string;
  /** Packages with another name than the tool's. */
  readonly packages: Readonly<Partial<Record<Tool, string>>>;
}

/**
 * The first that fits counts: Ubuntu calls itself like Debian. Its bpftool is a script that looks for the tools of the running
 * kernel; a package of its own came with 25.04, and before that the name stands for the script.
 */
const FAMILIES: readonly Family[] = [
  { ids: ['ubuntu'], install: 'apt install', packages: { libbpf: 'libbpf-dev', bpftool: 'bpftool linux-tools-$(uname -r)' } },
  { ids: ['debian'], install: 'apt install', packages: { libbpf: 'libbpf-dev' } },
  { ids: ['fedora', 'rhel', 'centos', 'almalinux', 'rocky', 'amzn'], install: 'dnf install', packages: { libbpf: 'libbpf-devel' } },
  { ids: ['arch'], install: 'pacman -S', packages: { bpftool: 'bpf' } },
  { ids: ['alpine'], install: 'apk add', packages: { libbpf: 'libbpf-dev' } },
  { ids: ['opensuse', 'suse', 'sles'], install: 'zypper install', packages: { libbpf: 'libbpf-devel' } },
];

/** The command that installs a tool there, ready to be pasted. Undefined where no package manager is known. */
export function installCommand(tool: Tool, facts: Installs): string | undefined {
  const words = [facts.distributionId, ...facts.distributionLike].flatMap((id) => id.toLowerCase().split('-'));
  const family = FAMILIES.find(({ ids }) => ids.some((id) => words.includes(id)));
  return family && asRoot(`${family.install} ${family.packages[tool] ?? tool}`, facts);
}

/** A command as one types it there to run it as root. */
export function asRoot(command: string, { root }: Pick<Facts, 'root'>): string {
  return root === 'is-root' ? command : `${root === 'doas' ? 'doas' : 'sudo'} ${command}`;
}
