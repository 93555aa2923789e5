import type { TrainRecipe } from "./train-recipe.ts";

/** The README of the files: how to load, train and scale. */
export function readmeOf(name: string, recipe: TrainRecipe | undefined): string {
  const load = `# ${name}

Written by [Pellucid](https://github.com/pellucid-js/pellucid): \`model.py\` is the model, \`weights.safetensors\` has its weights.

\`\`\`sh
pip install torch safetensors
\`\`\`

\`\`\`python
from model import ${name}
from safetensors.torch import load_file

model = ${name}()
model.load_state_dict(load_file("weights.safetensors"))
model.eval()
\`\`\`

Images and volumes have their channels first; sequences are \`[batch, time, feature]\`. What was trained here loads in Pellucid by \`loadWeights\`.
`;
  if (recipe === undefined) return load;
  return `${load}
## Training

\`train.py\` has the recipe: ${typeof recipe.loss === "string" ? recipe.loss : "a loss of its own"}, ${recipe.optimizer.name}, ${recipe.batchSize} examples a step, ${recipe.steps} steps, seed ${recipe.seed ?? 0}. One process prints the losses that Pellucid's
\`trainByRecipe\` gives.

\`\`\`sh
python train.py                                                      # one process
torchrun --standalone --nproc-per-node 8 train.py                    # eight devices of a machine
torchrun --standalone --nproc-per-node 8 --max-restarts 3 train.py   # and again from the last checkpoint when one fails
\`\`\`

${sharing(recipe)} A checkpoint is written
every \`--save-every\` steps; a run that finds one continues from it, with the same losses on as many processes. Remove \`checkpoint.pt\` to begin again. Batch norm uses the statistics
of each process on CPUs, and of all on GPUs.

### Slurm

\`\`\`sh
#!/bin/bash
#SBATCH --nodes=2 --ntasks-per-node=1 --gpus-per-node=8 --cpus-per-task=32
head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
srun torchrun --nnodes="$SLURM_NNODES" --nproc-per-node=8 --max-restarts 3 \\
  --rdzv-backend=c10d --rdzv-endpoint="$head:29500" --rdzv-id="$SLURM_JOB_ID" train.py
\`\`\`

The folder has to be on a file system that all nodes see.

### Ray Train

\`\`\`python
from ray.train import ScalingConfig
from ray.train.torch import TorchTrainer
from train import main

workers = ScalingConfig(num_workers=8, use_gpu=True)
TorchTrainer(lambda: main([]), scaling_config=workers).fit()
\`\`\`

Ray sets the ranks and the process group, which \`train.py\` then uses. Give the workers this folder as \`runtime_env={"working_dir": "."}\` in \`ray.init\`, and \`--checkpoint\`
on storage that they share.
`;
}

/** What each of several processes takes. */
function sharing({ batchSize }: TrainRecipe): string {
  return batchSize === "all"
    ? "Each process takes all examples, so that several compute the same."
    : "Each process takes `--batch-size` examples: two processes do what one does with twice as many. `DistributedSampler` draws the order from the seed and the epoch.";
}
