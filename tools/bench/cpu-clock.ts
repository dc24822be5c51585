// Processor time in Node, which other programs on the machine hardly move.
import { existsSync, readFileSync } from 'node:fs';

const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`;

/** Milliseconds that all threads worked, compilers and drivers included. */
export function processMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
/** Milliseconds that the main thread worked, where the system tells (Linux): V8's compilers are left out. */
export function mainThreadMs(): number {
  const all = processMs(); // also makes the kernel bring the thread's account up to date
  return existsSync(SCHEDSTAT) ? Number(readFileSync(SCHEDSTAT, 'utf8').split(' ')[0]) / 1e6 : all;
}
