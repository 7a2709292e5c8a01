#!/usr/bin/env node
import { Argument, Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json';
import { exitCodes, interrupted, StarmindError } from '../node/starmind-error';
import { trainingRequests } from '../core/train/run-progress';
import { ClosedOutput, outputClosed } from './closed-output';
import { ask } from './commands/ask';
import { benchBoard } from './commands/bench';
import { boards } from './commands/boards';
import { build } from './commands/build';
import { data } from './commands/data';
import { demo } from './commands/demo';
import { doctor } from './commands/doctor';
import { estimate } from './commands/estimate';
import { evaluate } from './commands/evaluate';
import { flash } from './commands/flash';
import { generate } from './commands/generate';
import { importCheckpoint } from './commands/import';
import { monitor } from './commands/monitor';
import { newModel } from './commands/new';
import { runOnBoard } from './commands/run';
import { backgroundOption, train } from './commands/train';
import type { CommandContext } from './context';
import { Follower } from './follower';
import { presetNames } from './named-preset';
import { fieldNumber, speaking, wholeNumber } from './options';
import { Output } from './output';

const abort = new AbortController();
const closedOutput = new ClosedOutput(() => abort.abort(outputClosed));
const follower = Follower.ofThisProcess(interrupt);

/** Runs a command's body with its context. */
function withContext<Arguments extends unknown[]>(
  body: (context: CommandContext, ...rest: Arguments) => Promise<void>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.pop() as Command;
    const output = new Output(Boolean(command.optsWithGlobals().json), follower);
    try {
      await body({ output, signal: abort.signal }, ...(given as Arguments));
    } catch (error) {
      if (closedOutput.isClosed && abort.signal.aborted) return;
      const knows = error instanceof StarmindError && error.exitCode === exitCodes.interrupted;
      const told =
        abort.signal.aborted && !knows
          ? interrupted(`starmind ${command.name()}`, 'Run it again; train --resume continues.')
          : error;
      if (!(told instanceof StarmindError)) throw told;
      output.error(told);
      process.exitCode = told.exitCode;
    }
    follower?.tell({ kind: 'ended' });
  };
}

function program(): Command {
  const starmind = new Command('starmind')
    .description('Train a language model small enough for a microcontroller and watch it speak.')
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError('Add --help to see what can be given.')
    .configureHelp({ showGlobalOptions: true });
  const command = (usage: string, description: string) =>
    starmind
      .command(usage)
      .description(description)
      .option('--json', 'print one JSON object on standard output');

  command('new <dir>', 'make a model.json from a preset')
    .option('--preset <name>', `one of ${presetNames.join(', ')}`, 'demo')
    .action(withContext(newModel));
  command('doctor', 'show the tools found and what is missing').action(withContext(doctor));
  command('estimate <file>', 'parameters, SRAM, flash and speed of a model.json').action(
    withContext(estimate),
  );
  command(
    'data <file>',
    'count the text of a model.json, and look for what is wrong with it',
  ).action(withContext(data));
  command('train <file>', 'train a model.json and quantise it')
    .option('--out <run>', 'folder of the run (default: runs/NAME beside the file)')
    .option('--resume', 'continue the run')
    .option('--from <run>', 'begin with the weights of a run (training.from)')
    .addOption(
      new Option('--steps <n>', 'optimiser steps')
        .argParser(fieldNumber('training.steps'))
        .conflicts('minutes'),
    )
    .option('--minutes <m>', 'time to train for, by the clock', fieldNumber('training.minutes'))
    .option(backgroundOption, 'go on when the terminal is closed; Ctrl+C still ends it')
    .action(withContext(train));
  command('ask <run>', 'ask something of the training at work on a run')
    .addArgument(new Argument('<request>', 'what it shall do').choices(trainingRequests))
    .action(withContext(ask));
  command('import <file>', 'make a run of a checkpoint of llama2.c, or of a Hugging Face Llama')
    .option(
      '--tokenizer <file>',
      'its tokenizer.bin or tokenizer.json (default: the one beside it)',
    )
    .option('--out <run>', 'folder of the run (default: runs/NAME here)')
    .option(
      '--max-seq-len <n>',
      'a shorter context, which takes less memory',
      fieldNumber('architecture.max_seq_len'),
    )
    .action(withContext(importCheckpoint));
  command('eval <run>', 'bits per byte on a text, float and device arithmetic')
    .requiredOption(
      '--text <file>',
      'text to measure on; documents as in training, held-out.txt for example',
    )
    .action(withContext(evaluate));
  speaking(
    command('generate <run>', 'speak on this computer, in the arithmetic of the device'),
  ).action(withContext(generate));
  command('build <run>', 'build the firmware')
    .option('--board <name>', 'board of the pico-sdk (default: that of model.json)')
    .action(withContext(build));
  speaking(
    command('run <run>', 'speak on a board')
      .option('--board <board>', 'virtual, a serial port, or a serial number', 'virtual')
      .option('--paced', 'run the virtual board in real time'),
  ).action(withContext(runOnBoard));
  command('bench [run]', 'measure the cycles of a model on a board, by part and by context')
    .option('--board <board>', 'virtual, a serial port, or a serial number', 'virtual')
    .option('--preset <name>', 'measure a preset that nobody has trained, on the virtual board')
    .action(withContext(benchBoard));
  command('boards', 'list the boards at this computer').action(withContext(boards));
  command('flash <what>', 'put a run, or a UF2 file, on a board')
    .option(
      '--board <board>',
      'port, serial number or drive, of the board or its debug probe (default: the only one)',
    )
    .option('--model-only', 'leave the program on the board as it is')
    .action(withContext(flash));
  starmind
    .command('monitor <port>')
    .description('print what the board at a port says, and send it typed lines; Ctrl+C ends it')
    .option('--json', 'print one JSON object a line')
    .addOption(new Option('--raw', 'print the bytes as they are').conflicts(['json', 'timestamps']))
    .option('--timestamps', 'say when each line came')
    .option('--log <file>', 'record the session; the token monitor replays it')
    .option('--baud <rate>', 'bits a second of a UART; USB has none', wholeNumber(50, 4e6))
    .action(withContext(monitor));
  command('demo', 'the whole way: train, quantise, build, run on the virtual Pico')
    .option('--out <dir>', 'folder of the demo', 'runs/demo')
    .action(withContext(demo));
  return starmind;
}

closedOutput.watch();

process.on('SIGINT', interrupt);

function interrupt(): void {
  // A second Ctrl+C does not wait for a checkpoint.
  if (abort.signal.aborted) process.exit(exitCodes.interrupted);
  abort.abort();
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  });
