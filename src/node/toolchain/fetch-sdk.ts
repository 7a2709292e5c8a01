import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../process';
import { hasApt, runShown, type InstallOptions } from './apt';
import { findProgram } from './find';
import { sdkCacheFolder, sdkRelease } from './sdk';

/** Debian's release that carries the SDK; its packages are architecture-independent sources. */
const debianRelease = 'trixie';
const debianPackages = ['pico-sdk-source', 'tinyusb-source'];

/**
 * Fetches the SDK and TinyUSB into the cache: with git where that reaches their repository, else
 * as Debian's source packages. It is unpacked beside its place and then moved there, so that a
 * broken fetch leaves nothing. Returns false when neither way worked.
 */
export async function fetchSdk(options: InstallOptions): Promise<boolean> {
  const target = sdkCacheFolder();
  const work = `${target}.part`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const fetched =
      (hasApt() && (await fetchWithApt(work, options))) || (await fetchWithGit(work, options));
    if (!fetched) return false;
    await rm(target, { recursive: true, force: true });
    await mkdir(dirname(target), { recursive: true });
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

/** Address of the Debian archive that this machine itself is set to use. */
async function debianArchive(): Promise<string | undefined> {
  const { status, output } = await runProgram('apt-get', [
    ...['indextargets', '--format', '$(REPO_URI)'],
    ...['Created-By: Packages', 'Origin: Debian', 'Label: Debian'],
  ]);
  return status === 0 ? output.split('\n').find(Boolean) : undefined;
}

/**
 * Downloads the source packages through lists of our own, so that the system's package lists and
 * sources stay as they are.
 */
async function fetchWithApt(work: string, options: InstallOptions): Promise<boolean> {
  const archive = await debianArchive();
  if (!archive) return false;
  const apt = join(work, 'apt');
  const lists = join(apt, 'lists');
  const sources = join(apt, 'sources.list');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(apt, 'archives', 'partial'), { recursive: true });
  await writeFile(sources, `deb ${archive} ${debianRelease} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::Lists': lists,
    'Dir::Cache': apt,
    // As root, apt would hand the download to a user who cannot write here.
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
