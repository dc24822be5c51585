// The worker of a visitor's own model: apart from the labs' worker, so that its memory ends with it and its faults stay here.
import * as comlink from 'comlink';
import { SmolService } from '../src/labs/pyramid-drop/own-model/smol-service.ts';
import { foreignRuntime } from '../src/runtime/foreign.ts';
import { hideSubgroups } from '../src/runtime/hide-subgroups.ts';

if (self.name === 'without-subgroups') hideSubgroups();
comlink.expose(new SmolService(foreignRuntime));
