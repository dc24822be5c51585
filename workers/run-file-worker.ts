// Reads large saved runs, so that the page goes on meanwhile and the memory ends with the worker.
import * as comlink from 'comlink';
import { readRunFile } from '../src/app/store/run-file.ts';

comlink.expose({ read: readRunFile });
