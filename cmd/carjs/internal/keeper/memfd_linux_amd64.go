package keeper

// sysMemfdCreate is the number of memfd_create(2), since Linux 3.17.
const sysMemfdCreate = 319
