base:
  'master-[1-3] or worker-[1-2]':
    - match: compound
    - home
