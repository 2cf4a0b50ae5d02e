// SPDX-License-Identifier: Apache-2.0
// Nothing of its own: CMake wants a source beside the headers that are compiled ahead (precompiled.cmake).
