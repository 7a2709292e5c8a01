/**
 * `node test/bench/run.mjs fuzz -- [N]`: mutates N texts of model.json, by default 100,000, and
 * checks parser, estimate, edits and language server with them; prints one JSON object.
 */
import { runSeeds } from '../fuzz/run-seeds';

async function fuzz(): Promise<void> {
  const inputs = Number(process.argv.slice(2).find((option) => option !== '--') ?? 100_000);
  const start = performance.now();
  const { failures, slowest_ms, slowest_seed } = await runSeeds({ texts: inputs, server: inputs });
  const result = {
    inputs,
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    slowest_ms: Number(slowest_ms.toFixed(1)),
    slowest_seed,
    failures,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

fuzz().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
