import { Command } from '@commander-js/extra-typings';
import { lookAt } from '../envelope/open-sealed';
import { openFile } from '../files/input';
import { run } from '../session/run';

export function inspectCommand() {
  return new Command('inspect')
    .description('what the header of an envelope says; KMS is not asked')
    .argument('<file>', 'an envelope, or oss://bucket/key')
    .addHelpText('after', '\nExample:\n  oss-envelope inspect report.pdf.sealed')
    .action((file, _, command) =>
      run(command, async ({ output }) => {
        const input = await openFile(file);
        const { header } = await lookAt(input).finally(input.close);
        output.item(header.facts);
        output.say(JSON.stringify(header.facts, undefined, 2));
      }),
    );
}
