/* sparse.cuh - what block_sparse.cu includes, so that a wrong kernel can put another word in the place of one of these
 * before it includes the right one. */
#pragma once

#include <climits>
#include <cstdio>

#include "kernels/cuda/instructions.cuh"
#include "kernels/cuda/problem.cuh"

#undef CUDA_ROW
