import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenImage, goldenModels } from './models';

/** Writes the golden device images to the folder given: what the host engine's CTest reads. */
const folder = process.argv[2];
if (!folder) throw new Error('Usage: write-images FOLDER');
mkdirSync(folder, { recursive: true });
for (const model of goldenModels) {
  writeFileSync(join(folder, `${model.name}.img`), goldenImage(model));
}
