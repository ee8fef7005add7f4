base:
  'big-boi,tells-computer,raspberry-pi':
    - match: list
    - cheap
