import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../process';
import { hasApt, runShown, type InstallOptions } from './apt';
import { findProgram } from './find';
import { findSdk, sdkCacheFolder, sdkRelease } from './sdk';

/** The Debian release that has the SDK; its packages are architecture-independent sources. */
const debianRelease = 'trixie';
const debianPackages = ['pico-sdk-source', 'tinyusb-source'];

/**
 * Fetches the SDK and TinyUSB into the cache: as Debian's source packages where apt reaches an
 * archive that has them, else with git. Unpacks beside the final place and then moves, so that a
 * failed fetch leaves nothing. Returns false when neither way worked.
 */
export async function fetchSdk(options: InstallOptions): Promise<boolean> {
  const target = sdkCacheFolder();
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}.part-`);
  try {
    const fetched =
      (hasApt() && (await fetchWithApt(work, options))) || (await fetchWithGit(work, options));
    if (!fetched) return false;
    // Another process may have been faster; its copy may be in use already.
    if (findSdk()) return true;
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
    return true;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchWithGit(work: string, options: InstallOptions): Promise<boolean> {
  const git = findProgram('git');
  if (!git) return false;
  const folder = join(work, 'pico-sdk');
  const repository = 'https://github.com/raspberrypi/pico-sdk';
  const shallow = ['--depth', '1'];
  return (
    (await runShown(
      [git, 'clone', ...shallow, '--branch', sdkRelease, repository, folder],
      options,
    )) &&
    (await runShown(
      [git, '-C', folder, 'submodule', 'update', '--init', ...shallow, 'lib/tinyusb'],
      options,
    ))
  );
}

/**
 * Address of the Debian archive that this machine is configured for; found even when the system
 * keeps no package lists, as in most container images.
 *
 * @param lists an empty folder for package lists
 */
async function debianArchive(lists: string): Promise<string | undefined> {
  const list = ['update', '--print-uris', '-o', `Dir::State::Lists=${lists}`];
  const { output } = await runProgram('apt-get', list);
  return /'(\S+\/debian)\/dists\/[^\s/]+\/InRelease'/.exec(output)?.[1];
}

/**
 * Downloads the source packages through lists of our own, so that the system's package lists and
 * sources stay as they are.
 */
async function fetchWithApt(work: string, options: InstallOptions): Promise<boolean> {
  const apt = join(work, 'apt');
  const lists = join(apt, 'lists');
  const sources = join(apt, 'sources.list');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(apt, 'archives', 'partial'), { recursive: true });
  const archive = await debianArchive(lists);
  if (!archive) return false;
  await writeFile(sources, `deb ${archive} ${debianRelease} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::Lists': lists,
    'Dir::Cache': apt,
    // As root, apt would download as a user who cannot write here.
    'APT::Sandbox::User': 'root',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const quiet: InstallOptions = { signal: options.signal };
  options.onLine?.(`$ apt-get download ${debianPackages.join(' ')} (of ${debianRelease})`);
  if (!(await runShown(['apt-get', ...flags, 'update'], quiet))) return false;
  const download = await runProgram('apt-get', [...flags, 'download', ...debianPackages], {
    cwd: apt,
    signal: options.signal,
  });
  if (download.status !== 0) return false;
  const packages = (await readdir(apt)).filter((file) => file.endsWith('.deb'));
  for (const file of packages) {
    if (!(await runShown(['dpkg', '-x', join(apt, file), work], quiet))) return false;
  }
  await rm(apt, { recursive: true, force: true });
  return packages.length === debianPackages.length;
}
