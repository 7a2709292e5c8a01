import type { Architecture } from '../model/config';
import { classifierName, embeddingName, tensorSpecs } from '../model/tensors';
import type { Checked, Problem } from '../problem';
import { notFinite } from '../train/finite';
import { parseSafetensors, SafetensorsError } from '../train/safetensors';
import type { TensorFile } from '../train/safetensors';
import { readHuggingFaceConfig } from './hugging-face-config';
import { difference, refusal, type ImportedModel } from './imported';

/** A model, and the token that stands around its texts; undefined where the tokenizer decides. */
export interface HuggingFaceModel extends ImportedModel {
  endOfText: number | undefined;
}

/** Buffers of older files that can be computed anew. */
const computed = /\.rotary_emb\.inv_freq$/;

/** Reads a safetensors file with the names of Hugging Face's Llama, and its config.json. */
export function readHuggingFaceModel(
  bytes: Uint8Array,
  configText: string,
): Checked<HuggingFaceModel> {
  const { value: config, problems } = readHuggingFaceConfig(configText);
  if (!config) return { value: undefined, problems };
  let file: TensorFile;
  try {
    file = parseSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    const code = error.code === 'truncated' ? 'truncated' : 'safetensors';
    const fix =
      error.code === 'type'
        ? 'Save it as float32, float16 or bfloat16.'
        : 'Copy or download it again.';
    return { value: undefined, problems: [refusal(code, error.message, fix)] };
  }
  const architecture = { ...config.architecture };
  const classifier = file.tensors.get(classifierName);
  // A file without a classifier shares the embedding, whatever the configuration says.
  architecture.tie_embeddings ||= classifier === undefined;
  const weights = new Map<string, Float32Array>();
  const refusals: Problem[] = [];
  for (const { name, shape } of tensorSpecs(architecture)) {
    const tensor = file.tensors.get(name);
    if (tensor?.shape.join() === shape.join()) weights.set(name, tensor.data);
    else refusals.push(misshapen(name, shape, tensor?.shape));
  }
  refusals.push(...strangers(file, architecture));
  const broken = notFinite(weights);
  if (broken !== undefined)
    refusals.push(refusal('not-finite', `${broken}.`, 'Import another checkpoint.'));
  if (refusals.length > 0)
    return { value: undefined, problems: [...problems, ...refusals.slice(0, 5)] };
  const { bos, eos } = config;
  const hasTwo = bos !== undefined && eos !== undefined && bos !== eos;
  if (hasTwo) problems.push(...joinEnds(weights, architecture, bos, eos));
  return {
    value: { format: 'Hugging Face Llama', architecture, weights, endOfText: bos },
    problems,
  };
}

/**
 * Here one token begins a text and ends it. Its row of the embedding begins one; of the classifier,
 * where that is a matrix of its own, it takes the row of the end.
 */
function joinEnds(
  weights: Map<string, Float32Array>,
  { dim, tie_embeddings, vocab_size }: Architecture,
  bos: number,
  eos: number,
): Problem[] {
  if (bos >= vocab_size || eos >= vocab_size) return [];
  const classifier = weights.get(classifierName);
  if (tie_embeddings || !classifier) {
    return [
      difference(
        'two-ends',
        `Texts of this model begin with token ${bos} and end with token ${eos}; here one token does both, and token ${bos} is it: the model does not end its texts.`,
        'Fine-tune it for a few steps, which teaches it the end (training.from).',
      ),
    ];
  }
  const rows = Float32Array.from(classifier);
  rows.copyWithin(bos * dim, eos * dim, (eos + 1) * dim);
  rows.set(classifier.subarray(bos * dim, (bos + 1) * dim), eos * dim);
  weights.set(classifierName, rows);
  return [];
}

function misshapen(
  name: string,
  wanted: readonly number[],
  found: readonly number[] | undefined,
): Problem {
  const size = (shape: readonly number[]) => `[${shape.join(', ')}]`;
  return refusal(
    'tensor',
    found === undefined
      ? `The checkpoint has no tensor ${name}.`
      : `Tensor ${name} is ${size(found)}; by config.json it is ${size(wanted)}.`,
    name === embeddingName || found === undefined
      ? 'Give the whole checkpoint of a Llama in one file, and its own config.json.'
      : 'Put the config.json of this very checkpoint beside it.',
  );
}

/** Tensors for which the engine has no use: a model computes something else with them. */
function strangers({ tensors }: TensorFile, architecture: Architecture): Problem[] {
  const known = new Set(tensorSpecs(architecture).map(({ name }) => name));
  const others = [...tensors.keys()].filter(
    (name) => !known.has(name) && name !== classifierName && !computed.test(name),
  );
  return others.slice(0, 1).map((name) => {
    const what = name.endsWith('.bias') ? `biases (${name})` : `a tensor ${name}`;
    return refusal(
      'unsupported',
      `The checkpoint has ${what}, which the engine cannot compute with.`,
      'Import a model of the architecture of Llama, without biases.',
    );
  });
}
